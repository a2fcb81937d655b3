"""The page of app passwords, and the catalogues for devices and apps."""
