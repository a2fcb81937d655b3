"""What all readers share: from loose pieces to blocks, from blocks to chapters."""
