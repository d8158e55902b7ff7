"""Export: history as files, of any size: order -> slices -> layout -> file -> answer, or job."""
