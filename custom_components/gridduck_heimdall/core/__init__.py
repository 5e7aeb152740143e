"""What both clouds share; nothing here names a cloud."""
