"""What tests and demonstrations of Anhuan itself share: a whole system on an embedded database."""
