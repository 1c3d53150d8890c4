"""What others rely on: tables, migrations, the feed's views, and the JSON Schemas."""
