"""What the editor in the browser says, in the page's language.

`static/js/editor` has no words of its own: the page hands it these as JSON. Words in braces are filled in there.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


def editor_words(*, is_suggesting: bool = False) -> dict[str, Any]:
    """Return all words of the editor by the names its modules use; some are others where what is typed is suggested."""
    return {
        **_of_the_frame(),
        **_of_forms(),
        **_of_tables(),
        **_of_conflicts(),
        "kinds": _kinds(),
        "tools": _tools(),
        "states": _states() | (_suggesting_states() if is_suggesting else {}),
        "short": _short_states(),
    }


def _of_the_frame() -> dict[str, str]:
    return {
        "text": _("Text of the chapter"),
        "placeholder": _("Write here"),
        "toolbar": _("Formatting"),
        "kind": _("Kind of paragraph"),
        "notice": _("Notice"),
        "keyCtrl": _("Ctrl"),
        "keyShift": _("Shift"),
        "keyEnter": _("Enter"),
        "sceneBreak": _("Scene break"),
        "picture": _("Picture"),
        "formula": _("Formula"),
        "noDescription": _("No description"),
        "note": _("Note {label}"),
        "notes": _("Notes"),
        "opaque": _("This part ({kind}) can only be changed in the manuscript."),
        "refusedFixed": _(
            "Keys do not remove rows, cells or notes. Use the tools of the table. You can edit all words."
        ),
        "refusedOneBlock": _("On touch screens you edit one paragraph at a time. Tap the one you want to change."),
        "selectFirst": _("Select the words first."),
        "tryAgain": _("Try again"),
        "reload": _("Reload the page"),
        "close": _("Close"),
        "leftTitle": _("What you had typed"),
        "leftText": _("Your text"),
        "leftHelp": _("Copy what you need into the chapter. “Remove” deletes this copy from your device."),
        "leftShow": _("Show it"),
        "showPlace": _("Show in the text"),
        "saveLoss": _("Save anyway"),
        "suggestions": _("Suggestions"),
        "suggestionBefore": _("Instead of"),
        "suggestionAfter": _("Suggested"),
        "suggestionWithdraw": _("Withdraw"),
        "suggestionWhy": _("Say why"),
        "suggestionReason": _("Reason"),
        "suggestionFailed": _("That did not work. Reload the page to see the current state."),
        "comments": _("Comments"),
        "commentAdd": _("Comment on the selected words"),
        "commentSelect": _("Select the words in one saved paragraph first."),
        "commentSend": _("Send"),
        "commentReply": _("Reply"),
        "commentResolve": _("Resolve"),
        "commentDeleted": _("This comment was deleted."),
        "accept": _("Accept"),
        "decline": _("Decline"),
        "declineWhy": _("Say why not"),
        "send": _("Send"),
    }


def _of_forms() -> dict[str, str]:
    return {
        "apply": _("Apply"),
        "cancel": _("Cancel"),
        "remove": _("Remove"),
        "required": _("Enter some text."),
        "describePicture": _("Describe the picture"),
        "alt": _("Description"),
        "altHelp": _("For readers who cannot see the picture: what it shows, in one or two sentences."),
        "decorative": _("Decoration only: readers miss nothing without it"),
        "replacePicture": _("Replace the picture"),
        "newPicture": _("Insert a picture"),
        "pictureFile": _("Picture"),
        "pictureFileHelp": _("JPEG, PNG, WebP, AVIF or TIFF, at most 20 MB."),
        "pictureRequired": _("Choose a picture first."),
        "pictureLater": _("Your last changes are not saved yet. Wait a moment, then try again."),
        "pictureFailed": _("The picture could not be uploaded. Check your connection and try again."),
        "addCaption": _("Add a caption"),
        "tableForm": _("Header rows"),
        "headerRows": _("Number of header rows"),
        "headerRowsHelp": _("Rows at the top that say what the columns hold. Screen readers read them with each cell."),
        "headerRowsError": _("Enter a whole number from 0 to {max}."),
        "codeForm": _("Programming language"),
        "codeLanguage": _("Programming language"),
        "codeLanguageError": _("Enter a short name such as python or c++."),
        "sceneForm": _("Sign of the scene break"),
        "sceneSign": _("Sign"),
        "sceneSignHelp": _("For example * * *. Leave it empty for the design's own sign."),
        "rubyForm": _("Reading aid"),
        "rubyBase": _("Characters"),
        "rubyAbove": _("Reading above them"),
        "linkForm": _("Link"),
        "linkAddress": _("Address"),
        "linkHelp": _("Begins with https://, http:// or mailto:."),
        "linkError": _("Enter an address that begins with https://, http:// or mailto:."),
        "languageForm": _("Language of this passage"),
        "languageCode": _("Language"),
        "languageHelp": _("A language code such as fr or grc. Reading apps then pronounce and hyphenate it correctly."),
        "languageError": _("Enter a language code such as fr, grc or pt-BR."),
        "direction": _("Direction"),
        "directionAuto": _("As the language is written"),
        "directionLtr": _("Left to right"),
        "directionRtl": _("Right to left"),
    }


def _of_tables() -> dict[str, Any]:
    return {
        "newTable": _("Insert a table"),
        "rows": _("Rows"),
        "columns": _("Columns"),
        "tableSizeError": _("Enter a whole number from 1 to {max}."),
        "tableTools": _("Table"),
        "table": {
            "rowAfter": _("Row below"),
            "columnAfter": _("Column after"),
            "removeRow": _("Remove row"),
            "removeColumn": _("Remove column"),
            "header": _("Header cell"),
        },
        "tableRefused": {
            "cell": _("Put the cursor into a cell of the table first."),
            "spans": _(
                "This table has cells that reach over several rows or columns, so rows and columns can only be changed "
                "in the manuscript. The words in its cells can be changed here."
            ),
            "last": _("A table has from 1 to 20 columns and at least one row. Delete it as a whole instead."),
        },
    }


def _of_conflicts() -> dict[str, str]:
    return {
        "conflicts": _("Changed in two places"),
        "conflictTitle": _("Changed in two places ({number} of {count})"),
        "conflictBase": _("Before"),
        "conflictMine": _("Your version"),
        "conflictTheirs": _("Saved version"),
        "conflictRemoved": _("(removed)"),
        "keepMine": _("Keep your version"),
        "keepTheirs": _("Use the saved version"),
    }


def _kinds() -> dict[str, str]:
    headings = {f"heading-{level}": _("Heading %(level)d") % {"level": level} for level in range(1, 7)}
    return {
        "none": "—",
        "paragraph": _("Paragraph"),
        **headings,
        "quotation": _("Quotation"),
        "verse": _("Verse"),
        "list": _("Bulleted list"),
        "numbered": _("Numbered list"),
        "code": _("Code"),
    }


def _tools() -> dict[str, str]:
    return {
        "emphasis": _("Italic"),
        "strong": _("Bold"),
        "small_caps": _("Small caps"),
        "underline": _("Underline"),
        "strike": _("Strikethrough"),
        "superscript": _("Superscript"),
        "subscript": _("Subscript"),
        "code": _("Code"),
        "link": _("Link"),
        "language": _("Language"),
        "sceneBreak": _("Scene break"),
        "newTable": _("Insert a table"),
        "newPicture": _("Insert a picture"),
        "up": _("Move up"),
        "down": _("Move down"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "form": _("Edit details"),
    }


def _states() -> dict[str, str]:
    """Return what the banner says where there is one, and the line beside the tools where there is no shorter word."""
    return {
        "ready": _("All changes saved"),
        "typing": _("Not saved yet"),
        "saving": _("Saving…"),
        "saved": _("All changes saved"),
        "restored": _("Changes from your last visit that were only on this device are back. We are saving them now."),
        "offline": _("Saved on this device. We cannot reach the server and will try again by ourselves. Keep writing."),
        "often": _("Saved on this device. You have saved very often; we will save again in a moment."),
        "notKept": _("Not saved: there is no connection, and this browser has no room for a copy. Keep the page open."),
        "tooLarge": _("This chapter is too large to save. Your text is safe on this device. Split the chapter in two."),
        "gone": _("This chapter is no longer here. Your text is safe on this device. Go back to the list of chapters."),
        "loggedOut": _(
            "You are logged out, or may no longer edit this. Your text is safe on this device. "
            "Log in again in another tab."
        ),
        "refused": _("We could not save the marked paragraph. Change it, and we will try again."),
        "conflict": _("Some paragraphs were also changed elsewhere. Choose which version to keep; both are safe."),
        "loss": _("This removes {lost} of {all} words. We have not saved it yet."),
        "replaced": _(
            "The manuscript was replaced while you were writing. Your last words are safe on this device. "
            "Reload the page to see them."
        ),
        "left": _("This device still holds text that you typed before the manuscript was replaced."),
    }


def _suggesting_states() -> dict[str, str]:
    return {
        "ready": _("Ready for your suggestions"),
        "saved": _("All suggestions saved"),
        "loss": _("This suggests to remove {lost} of {all} words. We have not saved it yet."),
    }


def _short_states() -> dict[str, str]:
    on_device = _("Saved on this device")
    return {
        "restored": on_device,
        "offline": on_device,
        "often": on_device,
        "notKept": _("Not saved"),
        "tooLarge": on_device,
        "gone": on_device,
        "loggedOut": on_device,
        "refused": on_device,
        "conflict": on_device,
        "loss": on_device,
        "replaced": on_device,
        "left": on_device,
    }
