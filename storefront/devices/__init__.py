"""Reading devices and apps: app passwords, and the shop and a person's books as OPDS catalogues."""
