"""What devices and apps are shown."""
