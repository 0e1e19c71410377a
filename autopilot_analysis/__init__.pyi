"""The public names, in the order in which an export is walked through; rooms document more of their own."""

from .export import Export as Export
from .export import Limits as Limits
from .export import open_export as open_export
from .figures import draw_trace as draw_trace
from .findings import conclude as conclude
from .findings import find as find
from .findings import rule as rule
from .fleet import explain as explain
from .fleet import ingest as ingest
from .fleet import load_deployments as load_deployments
from .fleet import load_story as load_story
from .fleet import open_dataset as open_dataset
from .fleet import select_group as select_group
from .fleet import study_incident as study_incident
from .privacy import share as share
from .readers import read_tables as read_tables
from .report import write_report as write_report
from .samples import write_sample as write_sample
from .tables import Findings as Findings
from .tables import Tables as Tables
from .tables import Trace as Trace
from .tables.dictionary import describe_table as describe_table
from .trace import build_trace as build_trace
from .trace import what_if as what_if
from .widgets import explore_devices as explore_devices
from .widgets import pick_export as pick_export
