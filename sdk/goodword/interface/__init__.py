"""What can be done, documented once; embedded and remote inherit the words."""
