"""A program on a real terminal: tmux shows what a person would see. Nothing here sleeps for a fixed time: each step
waits for the expected screen."""

import os
import pathlib
import subprocess
import time

from peer import LOOK_S, PATIENCE_S

WINDOW = (80, 24)


class Terminal:
    """A program in its own tmux server."""

    servers = 0

    def __init__(self, folder, command, size=WINDOW, **environment):
        Terminal.servers += 1
        self.folder, self.socket = folder, f"browse-{os.getpid()}-{Terminal.servers}"
        self.ended = pathlib.Path(folder, f"ended-{Terminal.servers}")
        self.out, self.err = self.ended.with_suffix(".out"), self.ended.with_suffix(".err")
        names = {"LC_ALL": "C.UTF-8", "HOME": folder, "PATH": os.environ["PATH"], **environment}
        settings = " ".join(f"{name}='{value}'" for name, value in names.items() if value is not None)
        unset = " ".join(f"-u {name}" for name, value in names.items() if value is None)
        self.tmux("new-session", "-d", "-x", str(size[0]), "-y", str(size[1]),
                  f"trap : INT; cd {folder}; env {unset} {settings} {command}; echo $? > {self.ended}.new; "
                  f"stty -a > {self.ended}.stty; mv {self.ended}.new {self.ended}; exec cat")

    def tmux(self, *arguments):
        run = subprocess.run(["tmux", "-L", self.socket, "-f", "/dev/null", *arguments], capture_output=True, text=True,
                             check=False, stdin=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8"})
        return run.stdout

    def keys(self, *keys):
        self.tmux("send-keys", *keys)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def resize(self, columns, lines):
        self.tmux("resize-window", "-x", str(columns), "-y", str(lines))

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def cursor(self):
        return self.tmux("display-message", "-p", "#{cursor_x},#{cursor_y}").strip()

    def until(self, holds):
        """Wait until holds(screen); False when it never does."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if holds(self.screen()):
                return True
            time.sleep(LOOK_S)
        return False

    def shows(self, *texts):
        return self.until(lambda screen: all(text in screen for text in texts))

    def lacks(self, text):
        return self.until(lambda screen: text not in screen)

    def status(self):
        """The exit status of the program; None when it does not end."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if self.ended.exists():
                return int(self.ended.read_text())
            time.sleep(LOOK_S)
        return None

    def restored(self):
        """Whether the terminal is restored: keys echo, input is read by lines, and the main screen and the cursor are
        back."""
        modes = self.ended.with_suffix(".stty").read_text().split()
        flags = "#{alternate_on},#{cursor_flag},#{keypad_flag}"
        return "echo" in modes and "icanon" in modes and "isig" in modes and self.until(
            lambda _: self.tmux("display-message", "-p", flags).strip() == "0,1,0")

    def pid(self):
        pane = self.tmux("display-message", "-p", "#{pane_pid}").strip()
        return int(subprocess.run(["pgrep", "-n", "-P", pane, "skillsearch"], capture_output=True, text=True,
                                  check=False).stdout or 0)

    def close(self):
        """End the programs, and wait until they have ended: until then they may still write into the folder."""
        session = self.tmux("display-message", "-p", "#{pane_pid}").strip()
        self.tmux("kill-server")
        end = time.monotonic() + PATIENCE_S
        while session and self.runs(session) and time.monotonic() < end:
            time.sleep(LOOK_S)

    @staticmethod
    def runs(session):
        """Whether a process of the session runs; one that only waits for its parent (a zombie) does not."""
        states = subprocess.run(["ps", "-s", session, "-o", "stat="], capture_output=True, text=True, check=False).stdout.split()
        return any(not state.startswith("Z") for state in states)
