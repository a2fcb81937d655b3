"""The writers of claims, holds, appeals and what becomes of careless claimants."""
