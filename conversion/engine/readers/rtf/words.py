"""What each control word means: tables of names, for the walk."""

from __future__ import annotations

# Groups without words of the book; they are passed over as a whole.
PASSED_OVER = frozenset(
    {
        b"colortbl", b"ftnsep", b"ftnsepc", b"ftncn", b"aftnsep", b"aftnsepc", b"aftncn", b"revtbl", b"xe", b"tc",
        b"tcn", b"rxe", b"txe", b"yxe", b"bxe", b"ixe", b"filetbl", b"atnid", b"atnauthor", b"atndate", b"atnref",
        b"atnparent", b"atrfstart", b"atrfend", b"nonesttables", b"objdata", b"objclass", b"objname", b"datafield",
        b"generator", b"template", b"shprslt", b"mvfmf", b"mvfml", b"mvtof", b"mvtol", b"bkmkend", b"themedata",
        b"rsidtbl", b"pgptbl", b"formfield", b"pnseclvl", b"private", b"comment", b"userprops", b"docvar", b"buptim",
        b"creatim", b"printim", b"revtim", b"title", b"subject", b"operator", b"hlinkbase", b"nextfile", b"background",
        b"mmathPr", b"mmathPict", b"pnpos", b"oldcprops", b"oldpprops", b"oldtprops", b"oldsprops", b"falt", b"panose",
        b"wgrffmtfilter", b"xmlnstbl", b"datastore", b"latentstyles", b"defchp", b"defpap", b"factoidname",
    }
)  # fmt: skip
RUNNING_HEADS = frozenset(
    {b"header", b"headerl", b"headerr", b"headerf", b"footer", b"footerl", b"footerr", b"footerf"}
)
# Groups marked as ones that old readers pass over, whose words are wanted all the same.
ENTERED = frozenset({b"shpinst", b"do", b"mmath", b"result", b"shpgrp", b"ud"})
OLD_LIST_STYLES = {
    b"pndec": "decimal",
    b"pnucrm": "upper-roman",
    b"pnlcrm": "lower-roman",
    b"pnucltr": "upper-alpha",
    b"pnlcltr": "lower-alpha",
    b"pncard": "decimal",
    b"pnord": "decimal",
    b"pnordt": "decimal",
}
