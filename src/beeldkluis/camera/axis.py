"""Body-worn cameras of Axis: their own system reads and wipes them, and delivers what it read (`intake/axis_views.py`)."""

from beeldkluis.camera.port import Make

MAKE = Make(
    name="AXIS Body Worn",
    docked=None,
    clock_measured=False,
    encrypts=True,
    set_up="/docks/axis/",
    spec="docs/spec/axis.md",
)
