"""The pages that friends and advocates see: a module for each."""
