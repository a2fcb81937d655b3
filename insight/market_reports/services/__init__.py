"""The only writers of market reports and of subscriptions to them."""
