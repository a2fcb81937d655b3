"""Models of devices, places, notes, their synchronisation, and maps between editions."""

from storefront.reading.models.device import Device, DeviceKind
from storefront.reading.models.edition_map import EditionMap
from storefront.reading.models.note import BodyVersion, Note, NoteColour, NoteKind, NoteQuerySet, Registers, Spot
from storefront.reading.models.note_import import FileNote, ImportState, NoteImport, Verdict
from storefront.reading.models.place import FurthestPlace, LastPlace, Place
from storefront.reading.models.sync_state import ReaderSetting, SyncState
from storefront.reading.models.typo import TypoReport, TypoState

__all__ = [
    "BodyVersion",
    "Device",
    "DeviceKind",
    "EditionMap",
    "FileNote",
    "FurthestPlace",
    "ImportState",
    "LastPlace",
    "Note",
    "NoteColour",
    "NoteImport",
    "NoteKind",
    "NoteQuerySet",
    "Place",
    "ReaderSetting",
    "Registers",
    "Spot",
    "SyncState",
    "TypoReport",
    "TypoState",
    "Verdict",
]
