"""Events in the shop and the figures made of them. Above everything but the demonstration: it only calls down."""
