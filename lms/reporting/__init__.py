"""Numbers for the programme lead: targets, funnel, register, exports."""
