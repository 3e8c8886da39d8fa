"""PostgreSQL and files: the embedded server, migrations, the unit of work and the object store."""
