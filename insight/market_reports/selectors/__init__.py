"""The only readers of market reports and of subscriptions to them."""
