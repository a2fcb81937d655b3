"""A person's page goes on as long as their books do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from accounts.models import User
from publishing import services
from publishing.models import Edition
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors import authors
from storefront.community.models import Review, ReviewReply
from storefront.community.selectors.reviews import replier_of
from storefront.community.services import replies, review_emails
from storefront.library.models import FollowNotice
from storefront.library.selectors.follows import feed_of
from storefront.library.services import follows
from storefront.pages.selectors import sitemaps
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_contributor, make_published_edition
from tests.factories.trust import make_review, make_verified

pytestmark = pytest.mark.django_db


def test_the_page_has_a_next_one_until_all_were_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authors, "PAGE_SIZE", 2)
    author = make_author()
    for number in range(5):
        edition = make_published_edition(owner=author, slug=f"lamp-{number}")
        # Two of them at the same moment: the key decides.
        at = NOON + timedelta(days=number // 2)
        Listing.objects.filter(work=edition.work).update(published_at=at)
    page, seen = f"/authors/{author.public_id}/", []
    for _ in range(3):
        text = client.get(page).content.decode()
        seen.append(re.findall(r'<a href="/books/(lamp-\d)/"', text))
        following = re.search(r'rel="next" href="([^"]+)"', text)
        page = f"/authors/{author.public_id}/{following[1]}" if following else ""
    assert [list(dict.fromkeys(one)) for one in seen] == [["lamp-4", "lamp-3"], ["lamp-2", "lamp-1"], ["lamp-0"]]
    assert not page


def test_pages_behind_the_first_are_not_for_search_engines(client: Client) -> None:
    author = make_author()
    make_published_edition(owner=author)
    here = f"/authors/{author.public_id}/"
    assert "noindex" not in client.get(here).content.decode()
    assert "noindex" in client.get(here, {"after": "zz-zz"}).content.decode()


@pytest.mark.parametrize("after", ["", "nobody-gave-this-out", "-1-2", "9" * 40])
def test_a_cursor_that_nobody_gave_out_shows_the_first_page(client: Client, after: str) -> None:
    author = make_author()
    make_published_edition(owner=author, slug="the-lamp")
    assert b"/books/the-lamp/" in client.get(f"/authors/{author.public_id}/", {"after": after}).content


def test_readers_have_none(client: Client) -> None:
    assert client.get(f"/authors/{make_reader().public_id}/").status_code == 404


class TestPenNames:
    """Nothing public connects a credited name that its person keeps off their page with the person."""

    @pytest.fixture
    def author(self) -> User:
        return make_author(display_name="Marit Solberg")

    @pytest.fixture
    def hidden(self, author: User) -> Edition:
        make_published_edition(owner=author, slug="the-oar", title="The Oar")
        hidden = make_published_edition(owner=author, slug="the-lamp", title="The Lamp")
        credit = hidden.work.contributors.get(user=author)
        services.rename_contributor(actor=author, contributor=credit, name="X. Nightjar", at=NOON)
        services.set_credit_visibility(actor=author, contributor=credit, is_on_page=False)
        return hidden

    def test_stand_on_no_page(self, client: Client, author: User, hidden: Edition) -> None:
        page = client.get(f"/authors/{author.public_id}/").content.decode()
        assert "/books/the-oar/" in page
        assert "Nightjar" not in page
        assert "/books/the-lamp/" not in page
        assert b"The Lamp" not in client.get(f"/feeds/authors/{author.public_id}.atom").content

    def test_lead_nowhere(self, client: Client, author: User, hidden: Edition) -> None:
        for path in ("/books/the-lamp/", "/search/?q=nightjar", reverse("catalogue:book-onix", args=["the-lamp"])):
            page = client.get(path).content.decode()
            assert "Nightjar" in page
            assert "Solberg" not in page
            assert author.public_id not in page
        assert "/books/the-oar/" not in client.get("/books/the-lamp/").content.decode()
        assert "/books/the-lamp/" not in client.get("/books/the-oar/").content.decode()

    def test_sign_replies(self, client: Client, author: User, hidden: Edition, mailoutbox: list[EmailMessage]) -> None:
        review = make_review(edition=hidden, body="A review’s body")
        replies.write_reply(actor=author, review=review, body="Thank you", at=NOON)
        client.force_login(make_verified())
        for path in ("/books/the-lamp/", "/books/the-lamp/reviews/", f"/reviews/{review.public_id}/"):
            page = client.get(path).content.decode()
            assert "Thank you" in page
            assert "X. Nightjar" in page
            assert "Solberg" not in page
        review_emails.mail_reply(reply_id=review.reply.pk)
        (mail,) = mailoutbox
        assert "X. Nightjar" in mail.subject + mail.body
        assert "Solberg" not in mail.subject + mail.body

    def test_tell_no_follower(self, author: User) -> None:
        reader = make_reader()
        make_published_edition(owner=author)
        follows.follow(actor=reader, author_id=author.public_id, at=NOON - timedelta(days=1))
        seen, unseen = make_published_edition(owner=author), make_published_edition(owner=author)
        unseen.work.contributors.update(is_on_page=False)
        for edition in (seen, unseen):
            follows.create_notices(work_id=edition.work_id, at=NOON)
        assert list(FollowNotice.objects.filter(user=reader).values_list("work", flat=True)) == [seen.work_id]

    def test_are_in_no_feed_of_followers_and_no_sitemap(self, author: User, hidden: Edition) -> None:
        reader, other = make_reader(), make_author()
        follows.follow(actor=reader, author_id=author.public_id, at=NOON)
        assert [row.slug for row in feed_of(reader).rows] == ["the-oar"]
        unseen = make_published_edition(owner=other)
        unseen.work.contributors.update(is_on_page=False)
        number = other.pk // sitemaps.ADDRESSES_A_SITEMAP
        names = {place.name for place in sitemaps.sitemap_places("authors", number)}
        assert author.public_id in names
        assert other.public_id not in names  # there is no page

    def test_go_on_signing_replies_of_who_has_left(self, client: Client) -> None:
        author, edition = make_author(display_name="Marit Solberg"), make_published_edition(slug="the-lamp")
        credit = make_contributor(edition.work, user=author, name="X. Nightjar", is_on_page=False)
        review = make_review(edition=edition)
        replies.write_reply(actor=author, review=review, body="Thank you", at=NOON)
        services.unlink_credit(actor=author, contributor=credit)
        client.force_login(make_verified())
        for path in ("/books/the-lamp/", "/books/the-lamp/reviews/", f"/reviews/{review.public_id}/"):
            page = client.get(path).content.decode()
            assert "X. Nightjar" in page
            assert "Solberg" not in page
        type(author).objects.filter(pk=author.pk).update(display_name="")  # as an erasure leaves them
        assert replier_of(Review.objects.get(pk=review.pk), ReviewReply.objects.get()) == "Deleted account"

    def test_are_shown_again(self, client: Client, author: User, hidden: Edition) -> None:
        credit = hidden.work.contributors.get(user=author)
        services.set_credit_visibility(actor=author, contributor=credit, is_on_page=True)
        assert "/books/the-lamp/" in client.get(f"/authors/{author.public_id}/").content.decode()
        assert f"/authors/{author.public_id}/" in client.get("/books/the-lamp/").content.decode()

    def test_are_kept_beside_the_name(self, client: Client, author: User) -> None:
        work = make_published_edition(owner=author).work
        credit = work.contributors.get(user=author)
        client.force_login(author)
        path = f"/desk/works/{work.public_id}/people/{credit.public_id}/"
        assert 'name="is_on_page" checked' in re.sub(
            r' (id|aria-describedby)="[^"]*"', "", client.get(path).content.decode()
        )
        client.post(path, {"name": "X. Nightjar", "role": "aut"})
        credit.refresh_from_db()
        assert (credit.name, credit.is_on_page) == ("X. Nightjar", False)
