"""The pack language: its schema, its checker and its compilation to a policy. Takes text, opens no file."""
