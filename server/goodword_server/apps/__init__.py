"""A platform's app: its pages in the shops' admin, and the JSON that what it places there asks."""
