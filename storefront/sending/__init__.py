"""Books sent to e-readers: by email to confirmed addresses, or picked up with a code on an e-reader's own browser."""
