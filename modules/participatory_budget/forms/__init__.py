"""What staff may type: the shape is checked here, the rules in services; whatever was typed is kept."""
