"""The web reader: the books a person may read in the browser, their places in them."""
