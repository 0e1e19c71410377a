"""The public names of the widgets."""

from .contrasts import explore_contrasts as explore_contrasts
from .devices import explore_devices as explore_devices
from .failures import explore_failures as explore_failures
from .form import fill_form as fill_form
from .picker import pick_export as pick_export
from .timeline import explore_timeline as explore_timeline
from .timings import explore_timings as explore_timings
