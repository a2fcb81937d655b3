"""Conversations between members, their files, and the inbox that holds all of them."""
