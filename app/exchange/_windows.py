"""A file or a volume opened by Windows' own call, for what Python's ``open`` cannot ask for.

Empty on other systems; ``uncached`` and ``volumes`` import from here on Windows alone.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":  # pragma: no cover - needs Windows
    import ctypes
    from collections.abc import Iterator
    from contextlib import contextmanager
    from ctypes import wintypes

    OPEN_EXISTING = 3
    _INVALID = ctypes.c_void_p(-1).value
    KERNEL = ctypes.WinDLL("kernel32", use_last_error=True)
    KERNEL.CreateFileW.restype = wintypes.HANDLE
    KERNEL.CreateFileW.argtypes = [
        wintypes.LPCWSTR,
        wintypes.DWORD,
        wintypes.DWORD,
        wintypes.LPVOID,
        wintypes.DWORD,
        wintypes.DWORD,
        wintypes.HANDLE,
    ]
    KERNEL.CloseHandle.argtypes = [wintypes.HANDLE]

    @contextmanager
    def opened(name: str, access: int, share: int, flags: int = 0) -> Iterator[int | None]:
        """The handle of what exists under ``name``, closed at the end; None if it is refused."""
        handle = KERNEL.CreateFileW(name, access, share, None, OPEN_EXISTING, flags, None)
        if handle in (None, _INVALID):
            yield None
            return
        try:
            yield handle
        finally:
            KERNEL.CloseHandle(handle)
