"""Who did what to which object, when, from where: written with every mutation, and never changed."""
