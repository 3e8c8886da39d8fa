"""What must hold of a pack as a whole before it may be published; each module looks at one side of it."""
