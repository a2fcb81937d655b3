"""What readers see and buy: an app for each feature, and above them the pages that show several."""
