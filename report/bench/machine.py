"""The machine that a measurement was made on, and the memory that it has to spare."""

import os
import platform
import time
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("numpy", "sympy", "mpmath", "torch", "jax", "numba", "scipy", "python-flint")


def machine():
    """Processor, vectors, cores, memory, system, versions (None: absent) and the load of the last minute, for JSON."""
    return {
        "processor": processor(),
        "vectors": vectors(),
        "cores": cores(),
        "memory": total_memory(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {package: installed(package) for package in PACKAGES},
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


def named(machine):
    """'AMD EPYC, 2 cores, exp in X86_V3' of what `machine` found."""
    vectors = f", exp in {machine['vectors']}" if machine.get("vectors") else ""
    return f"{machine['processor']}, {machine['cores']} cores{vectors}"


def processor():
    """The model name of the processor, or what the platform calls it."""
    return _field("/proc/cpuinfo", "model name") or platform.processor() or platform.machine()


def vectors():
    """The instruction set that NumPy's exp of float32 is run in, such as 'X86_V3'; None where NumPy does not say.

    It decides what a pass costs, most of which is exp: two processors of one name may differ in it.
    """
    try:
        from numpy.lib.introspect import opt_func_info  # NumPy 2.2 and newer
    except ImportError:
        return None
    return opt_func_info(func_name="^exp$").get("exp", {}).get("ff", {}).get("current")


def cores():
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def total_memory():
    """Bytes of memory, or None where the system does not say."""
    return _bytes("MemTotal")


def free_memory():
    """Bytes that can be had without swapping, or None where the system does not say."""
    return _bytes("MemAvailable")


def own_peak():
    """Bytes of this process's largest resident set since it was started, or None where the system does not say."""
    return _bytes("VmHWM", "/proc/self/status")


def installed(package):
    """The version of a distribution, None where it is absent."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


class Bystanders:
    """How much of the machine other processes use while a `with` block runs.

    share: of all cores' time, from 0 to 1; None where the system does not say. Processes that the block starts count as
    others.
    """

    share = None

    def __enter__(self):
        self._before = _busy_seconds()
        return self

    def __exit__(self, *error):
        after = _busy_seconds()
        if self._before and after and after[0] > self._before[0]:
            whole, busy, own = (new - old for new, old in zip(after, self._before, strict=True))
            self.share = min(1.0, max(0.0, (busy - own) / whole))


def _busy_seconds():
    """(seconds of all cores, of them not idle, of them this process's own) since the start, or None."""
    try:
        with open("/proc/stat", encoding="utf-8") as lines:
            ticks = [int(field) for field in lines.readline().split()[1:9]]
    except (OSError, ValueError):
        return None
    tick = os.sysconf("SC_CLK_TCK")
    idle = ticks[3] + ticks[4]
    return sum(ticks) / tick, (sum(ticks) - idle) / tick, time.process_time()


def _bytes(name, path="/proc/meminfo"):
    """What such a file says in kB, as bytes."""
    field = _field(path, name)
    return int(field.split()[0]) * 1024 if field else None


def _field(path, name):
    """The value of 'name : value' in such a file, or None."""
    try:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                key, _, value = line.partition(":")
                if key.strip() == name:
                    return value.strip()
    except OSError:
        return None
