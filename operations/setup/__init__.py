"""`script/init`: from a checkout to a running shop. Plain Python without Django, since there are no settings yet.

Every step looks first whether its work is done, so that the script can be run again: to change a setting, or to go on
to the next release.
"""
