"""Take one city back to a moment in the past, from physical backups, while all others go on."""
