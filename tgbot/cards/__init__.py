"""What a message looks like: facts in, text and buttons out. Pure; each theme has its own file."""
