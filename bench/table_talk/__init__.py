"""Talk as it is at a table, made up by this project, and how much of it is recalled."""
