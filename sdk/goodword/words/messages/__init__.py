"""What friends and advocates read: catalogues, the values that fill them, how they are filled."""
