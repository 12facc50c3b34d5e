"""What people may ask for about their own data, and what ages: download, deletion, retention, register."""
