"""What friends and advocates read: catalogues, the values that fill them, and how they are filled."""
