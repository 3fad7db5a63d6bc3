"""What each mutation does to the database: one function a mutation, called inside one transaction."""
