"""Turn an article's text into tags: rules over what a recogniser found."""
