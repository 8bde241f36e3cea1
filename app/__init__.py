"""SuiCha (随查): an offline workbench for witnessed random inspections."""

__version__ = "0.1.0"
