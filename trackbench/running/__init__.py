"""Running trackers: the parent plans and stores, makers make videos and score, hosts track."""
