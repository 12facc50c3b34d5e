"""What is known about residents, how surely and from where; and rules that ask for it."""
