"""The only package that imports stripe: client, gateway, webhook reading, sandbox and contract."""
