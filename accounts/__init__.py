"""The user, sign-in, and the record of sensitive acts."""
