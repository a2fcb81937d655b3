"""Celery tasks of the catalogue: social images."""

from __future__ import annotations

from celery import shared_task

from storefront.catalogue.services import social_images


@shared_task(name="catalogue.draw_social", soft_time_limit=30, time_limit=45)
def draw_social(listing_id: int) -> None:
    """Draw the social image of one book."""
    social_images.draw(listing_id=listing_id)


@shared_task(name="catalogue.requeue_social_images", soft_time_limit=30, time_limit=45)
def requeue_social_images() -> None:
    """Queue social images again that were not drawn because a message was lost."""
    social_images.requeue_missing()
