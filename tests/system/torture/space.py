"""No space: a limit on the size of files, and a full file system."""

import contextlib
import os
import resource
import subprocess

import index

# ThreadSanitizer writes a small file of its own before main begins.
LEAST = 64 if "thread" in str(index.BUILD) else 0


def sizes(most, tries):
    """`tries` sizes below `most`, including the smallest and the largest."""
    return sorted({(most - 1) * i // (tries - 1) for i in range(tries)})


def largest_file(place):
    """The size of the largest file after an undisturbed run."""
    index.copy(None, place.index)
    index.run(place.index, place.sources)
    return max(os.path.getsize(os.path.join(place.index, "current", name)) for name in index.FILES)


def limit_files(table, place, tries):
    largest = largest_file(place)
    for template in (place.template, None):
        for size in (max(size, LEAST) for size in sizes(largest, tries)):
            index.copy(template, place.index)
            before = index.digest(place.index)
            outcome = index.run(place.index, place.sources,
                             preexec_fn=lambda most=size: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))
            flaw = index.flaw_after_failure(outcome, place.index, before, ["File too large"])
            table.note(f"at most {size} bytes", flaw or index.flaw_of_next_run(place.index, place.sources, place.after))


@contextlib.contextmanager
def file_system(folder, size):
    os.mkdir(folder)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)
        os.rmdir(folder)


class Disk:
    """A small file system with the requested free space."""

    def __init__(self, folder):
        self.folder, self.index = folder, os.path.join(folder, "index")
        self.filler = os.path.join(folder, "filler")

    def leave(self, room):
        free = os.statvfs(self.folder)
        size = free.f_bavail * free.f_frsize - room
        with open(self.filler, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, size)

    def clear(self, template):
        with contextlib.suppress(FileNotFoundError):
            os.remove(self.filler)
        index.copy(template, self.index)

    def fits(self, place, room):
        self.clear(place.template)
        self.leave(room)
        return index.run(self.index, place.sources).returncode == 0

    def need(self, place):
        """The space that a run needs, in bytes, rounded up to a page."""
        page, low, high = 4096, 1, 8 << 20
        while high - low > page:
            middle = (low + high) // 2
            low, high = (low, middle) if self.fits(place, middle) else (middle, high)
        return low


def fill_disk(table, place, tries):
    with file_system(place.disk, 16 << 20):
        disk = Disk(place.disk)
        need = disk.need(place)
        for room in sizes(need, tries):
            disk.clear(place.template)
            disk.leave(max(room, 1))
            before = index.digest(disk.index)
            outcome = index.run(disk.index, place.sources)
            flaw = index.flaw_after_failure(outcome, disk.index, before, ["No space left on device"])
            os.remove(disk.filler)
            table.note(f"{room} bytes free", flaw or index.flaw_of_next_run(disk.index, place.sources, place.after))
        return f"a run needs {need // 1024} KiB"


def torture(table, place, _random, short):
    tries = 3 if short else 20
    table.begin("file size limit")
    limit_files(table, place, tries)
    table.end()
    case = "full file system"
    table.begin(case)
    try:
        table.end(fill_disk(table, place, tries))
    except (subprocess.CalledProcessError, FileNotFoundError) as problem:
        if not isinstance(problem, FileNotFoundError) and "mount" not in problem.cmd:
            raise
        os.rmdir(place.disk)
        table.skip(case, "a file system cannot be mounted here")
