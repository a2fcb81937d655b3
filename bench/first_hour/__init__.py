"""From a bare Debian to a shop with its first sale, by the commands of docs/operations.md."""
