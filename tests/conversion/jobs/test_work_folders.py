"""Scratch folders go with the process that works in them."""

from __future__ import annotations

from conversion import work_folders


class TestClearAbandoned:
    def test_leaves_a_folder_that_is_worked_in(self):
        with work_folders.folder() as folder:
            assert work_folders.clear_abandoned() == 0
            assert folder.is_dir()
        assert not folder.exists()

    def test_removes_what_a_killed_worker_left(self, scratch_root):
        scratch_root.mkdir()
        (scratch_root / "job-left").mkdir()
        (scratch_root / "job-left" / "half.epub").write_bytes(b"half")
        assert work_folders.clear_abandoned() == 1
        assert list(scratch_root.iterdir()) == []
