"""Running the shop: what an operator sees, asks and does.

Each feature is a package: heartbeats of scheduled tasks, metrics, the health process, the doctor, backups, maintenance
mode, and the operator's pages. Operation stands above the shop and reads all of it; nothing in the shop knows it.
"""
