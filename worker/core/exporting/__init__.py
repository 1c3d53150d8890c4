"""Say what an article is in other people's formats. Pure: from ``article.v1.json`` objects."""
